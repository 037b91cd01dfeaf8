ALTER TYPE "public"."frequency" ADD VALUE 'quarterly';
